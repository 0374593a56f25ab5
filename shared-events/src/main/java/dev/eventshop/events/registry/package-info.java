/** The one list of events, and the serializer that knows no type besides it. */
@NullMarked
package dev.eventshop.events.registry;

import org.jspecify.annotations.NullMarked;
