/** The pages that people administer and try the shop with, where the jar that has them is on the class path. */
@NullMarked
package dev.eventshop.query.console;

import org.jspecify.annotations.NullMarked;
