/** Rebuilding a projection from the events. */
@NullMarked
package dev.eventshop.query.replay;

import org.jspecify.annotations.NullMarked;
