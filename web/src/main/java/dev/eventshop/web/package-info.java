/** What the HTTP contract asks of every service: problem details, strict JSON, entity tags, pages, health. */
@NullMarked
package dev.eventshop.web;

import org.jspecify.annotations.NullMarked;
