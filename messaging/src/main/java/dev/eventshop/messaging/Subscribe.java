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
 * database happens once for each {@code message_id}, however often the message comes. Order is not kept. Messages that
 * have come by then share a transaction; when one of them fails, all are rolled back, and each is handled alone. So what
 * a method does outside the database belongs before or after the commit, by a
 * {@link org.springframework.transaction.support.TransactionSynchronization TransactionSynchronization}. A failure of a
 * message that is handled alone rolls back, and:
 *
 * <ul>
 *   <li>a {@link PermanentFailure}, an {@link IllegalArgumentException} or what
 *       {@code eventshop.messaging.permanent-errors} names sends the message to the queue
 *       {@code <queue>.dlq} at once, and so does a message that can't be read;
 *   <li>a database that is away makes the subscription wait for it, and so does a {@link DependencyUnavailable};
 *   <li>anything else is tried again after a pause, as often as the queue's {@link RetryPolicy} says, and then leads to
 *       the dead letters too.
 * </ul>
 *
 * <p>History that is sent again (header {@code x-replay}) is a message like any other, and has no second effect, unless
 * the method asks for it with {@link #replaysPastInbox}.
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

    /**
     * Whether history that is sent again goes past the inbox: the method gets it each time it comes, also when it had
     * the message before, and that it came is not noted, so that the message itself still has its effect when it comes
     * later. The method then tells it by {@link MessageContext#replay}, and does nothing for it that may happen once
     * only. Failed attempts are counted in the process alone.
     */
    boolean replaysPastInbox() default false;

    /**
     * Whether each message has a transaction of its own: where one locks much, and seldom comes, since several together could
     * block others, and be blocked by them.
     */
    boolean alone() default false;
}
