/** Dead letters over HTTP. */
@NullMarked
package dev.eventshop.notification.deadletter.web;

import org.jspecify.annotations.NullMarked;
