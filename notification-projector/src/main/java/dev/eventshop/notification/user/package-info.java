/** What the messages about users lead to. */
@NullMarked
package dev.eventshop.notification.user;

import org.jspecify.annotations.NullMarked;
