/** The way of public events from the event store to the exchange. */
@NullMarked
package dev.eventshop.command.forwarding;

import org.jspecify.annotations.NullMarked;
