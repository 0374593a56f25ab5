package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.MessageContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * A method that takes the messages of a queue.
 *
 * @param queue      name
 * @param routingKey that the queue is bound with
 * @param type       name of the event
 * @param eventClass class of the event
 * @param pastInbox  whether history that is sent again goes past the inbox
 * @param alone      whether each message has a transaction of its own
 * @param bean       that the method is called on
 * @param method     takes the event, and a {@link MessageContext} if it wants to
 */
record Subscription(
        String queue,
        String routingKey,
        String type,
        Class<?> eventClass,
        boolean pastInbox,
        boolean alone,
        Object bean,
        Method method) {

    /** Lets everything through that the method throws. */
    void handle(Object event, MessageContext context) throws Throwable {
        try {
            if (method.getParameterCount() == 1) {
                method.invoke(bean, event);
            } else {
                method.invoke(bean, event, context);
            }
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
