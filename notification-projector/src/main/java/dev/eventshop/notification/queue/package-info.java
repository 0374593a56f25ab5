/** The state of the documented queues. */
@NullMarked
package dev.eventshop.notification.queue;

import org.jspecify.annotations.NullMarked;
