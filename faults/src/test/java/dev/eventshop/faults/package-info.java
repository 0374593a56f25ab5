/** Faults under load, and an oracle that knows nothing of the code: the client's own log against what is left. */
@NullMarked
package dev.eventshop.faults;

import org.jspecify.annotations.NullMarked;
