/** The state of the documented queues over HTTP. */
@NullMarked
package dev.eventshop.notification.queue.web;

import org.jspecify.annotations.NullMarked;
