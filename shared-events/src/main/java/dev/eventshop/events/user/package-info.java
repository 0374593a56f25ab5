/** The facts of a user's life, and their id. */
@NullMarked
package dev.eventshop.events.user;

import org.jspecify.annotations.NullMarked;
