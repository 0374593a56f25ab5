package dev.eventshop.notification.deadletter.web;

import io.swagger.v3.oas.annotations.media.Schema;

@Schema(description = "How many dead letters that was done to, or will be")
record Affected(@Schema(example = "3") int count) {}
