/** The state of the queues over HTTP. */
@NullMarked
package dev.eventshop.notification.queue.web;

import org.jspecify.annotations.NullMarked;
