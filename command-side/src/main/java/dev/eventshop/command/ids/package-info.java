/** Numbers for new aggregates. */
@NullMarked
package dev.eventshop.command.ids;

import org.jspecify.annotations.NullMarked;
