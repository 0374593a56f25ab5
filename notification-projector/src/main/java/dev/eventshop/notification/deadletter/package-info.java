/** Messages that could not be handled: where they are kept, and what operators do with them. */
@NullMarked
package dev.eventshop.notification.deadletter;

import org.jspecify.annotations.NullMarked;
