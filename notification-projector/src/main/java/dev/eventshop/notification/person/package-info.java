/** How personal data is stored here: sealed with the person's key. */
@NullMarked
package dev.eventshop.notification.person;

import org.jspecify.annotations.NullMarked;
