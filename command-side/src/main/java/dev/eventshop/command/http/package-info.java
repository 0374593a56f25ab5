/** What the controllers of all features have in common: checks of what comes in, and headers of what goes out. */
@NullMarked
package dev.eventshop.command.http;

import org.jspecify.annotations.NullMarked;
