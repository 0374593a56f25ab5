/** The three services, what their users have set for them, and what each reads from its own configuration. */
@NullMarked
package dev.eventshop.standalone.settings;

import org.jspecify.annotations.NullMarked;
