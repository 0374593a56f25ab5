/** Keys: one per person, wrapped by a master key that the database does not know. */
@NullMarked
package dev.eventshop.personaldata.key;

import org.jspecify.annotations.NullMarked;
