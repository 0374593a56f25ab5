/** Read models that are made from the event store, and what is asked of them. */
@NullMarked
package dev.eventshop.query;

import org.jspecify.annotations.NullMarked;
