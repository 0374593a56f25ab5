/** Subjects and bodies of the emails, in every language of the shop. */
@NullMarked
package dev.eventshop.notification.delivery.template;

import org.jspecify.annotations.NullMarked;
