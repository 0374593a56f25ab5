/** The table of messages that have had their effect, and of those that have failed so far. */
@NullMarked
package dev.eventshop.messaging.inbox;

import org.jspecify.annotations.NullMarked;
