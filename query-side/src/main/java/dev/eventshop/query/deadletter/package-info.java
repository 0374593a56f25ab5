/** Events that projections could not apply: tried again, shown, discarded. */
@NullMarked
package dev.eventshop.query.deadletter;

import org.jspecify.annotations.NullMarked;
