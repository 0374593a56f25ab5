/** Axon's event storage engine, event stream and token store on PostgreSQL, and the plain reading of stored events. */
@NullMarked
package dev.eventshop.eventstore;

import org.jspecify.annotations.NullMarked;
