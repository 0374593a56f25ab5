package dev.eventshop.command.http;

import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.web.ProblemException;
import java.util.Optional;

/** What clients are told of a feature's refusals. One bean for each feature. */
public interface Refusals {

    /** @return the answer, empty when the refusal is another feature's */
    Optional<ProblemException> problemOf(CommandRefused refusal);
}
