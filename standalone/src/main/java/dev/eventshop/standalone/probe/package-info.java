/** Looks at a running system from outside: its state, and the way of one event of each kind. */
@NullMarked
package dev.eventshop.standalone.probe;

import org.jspecify.annotations.NullMarked;
