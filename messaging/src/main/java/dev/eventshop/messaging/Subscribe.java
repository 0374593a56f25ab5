package dev.eventshop.messaging;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Subscribes a method of a bean, of any visibility, to a queue: {@code void on(SomeEvent event)} or
 * {@code void on(SomeEvent event, MessageContext context)}. The queue is declared and bound to the exchange.
 *
 * <p>The method runs in a transaction together with the inbox's note of the message: what it writes to the same
 * database happens once for each {@code message_id}, however often the message comes. Order is not kept. A failure
 * rolls back, and:
 *
 * <ul>
 *   <li>a {@link PermanentFailure} or an {@link IllegalArgumentException} sends the message to the queue
 *       {@code <queue>.dlq} at once, and so does a message that can't be read;
 *   <li>a database that is away makes the subscription wait for it;
 *   <li>anything else is tried again after a pause, {@code eventshop.messaging.attempts} times in all, and then leads to
 *       the dead letters too.
 * </ul>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Subscribe {

    /** Name of the queue. No other method of the application may be subscribed to it. */
    String queue();

    /** Key that the queue is bound to the exchange with. */
    String routingKey();

    /** Name of the event, as the serializer calls the class of the method's first parameter. */
    String type();
}
