/** The state of the queues that this service reads, as far as the broker tells it. */
@NullMarked
package dev.eventshop.notification.queue;

import org.jspecify.annotations.NullMarked;
