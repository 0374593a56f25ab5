/** From the queue to the subscribed method, and what happens to messages that fail there. */
@NullMarked
package dev.eventshop.messaging.subscribing;

import org.jspecify.annotations.NullMarked;
