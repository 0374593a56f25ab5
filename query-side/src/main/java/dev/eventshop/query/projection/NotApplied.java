package dev.eventshop.query.projection;

import java.io.Serial;
import org.axonframework.eventhandling.EventMessage;

/** A batch of events could not be applied to a view. The message is for operators. */
public class NotApplied extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotApplied(EventMessage<?> last, Throwable cause) {
        super(SegmentFailure.of(last, cause).error(), cause);
    }
}
