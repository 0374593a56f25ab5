package dev.eventshop.query.deadletter;

import io.swagger.v3.oas.annotations.media.Schema;

/** @param count of the events that are meant */
record DeadLetterCount(@Schema(example = "3") long count) {}
