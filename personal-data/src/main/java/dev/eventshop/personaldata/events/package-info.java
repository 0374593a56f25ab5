/** Encryption of events on their way into the event store, and back. */
@NullMarked
package dev.eventshop.personaldata.events;

import org.jspecify.annotations.NullMarked;
