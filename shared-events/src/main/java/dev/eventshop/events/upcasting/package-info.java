/** Older revisions of events, brought to today's form in order. */
@NullMarked
package dev.eventshop.events.upcasting;

import org.jspecify.annotations.NullMarked;
