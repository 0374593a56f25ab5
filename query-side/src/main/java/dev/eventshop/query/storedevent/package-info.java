/** The event store itself, as operators browse it. */
@NullMarked
package dev.eventshop.query.storedevent;

import org.jspecify.annotations.NullMarked;
