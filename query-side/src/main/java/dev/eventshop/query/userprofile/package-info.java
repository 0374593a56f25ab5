/** The registered users. */
@NullMarked
package dev.eventshop.query.userprofile;

import org.jspecify.annotations.NullMarked;
