package dev.eventshop.messaging;

import org.springframework.amqp.AmqpException;

/**
 * The broker has an exchange or a queue of that name with other properties. Somebody has to decide which is right;
 * trying again does not help.
 */
public class TopologyMismatch extends AmqpException {

    private static final long serialVersionUID = 1L;

    public TopologyMismatch(String message, Throwable cause) {
        super(message, cause);
    }
}
