/** Writes everything that is in the database into files, and brings it back into an empty one. */
@NullMarked
package dev.eventshop.standalone.backup;

import org.jspecify.annotations.NullMarked;
