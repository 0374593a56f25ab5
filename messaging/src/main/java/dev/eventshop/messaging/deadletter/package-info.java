/** Messages that can't be handled, on their way to the dead-letter queue. */
@NullMarked
package dev.eventshop.messaging.deadletter;

import org.jspecify.annotations.NullMarked;
