package dev.eventshop.query.salesstatistics;

import dev.eventshop.access.Performs;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.http.ReadYourWrites;
import dev.eventshop.web.ReadAfter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Statistics")
class SalesStatisticsController {

    private static final List<String> BUCKETS = List.of("day");

    private final SalesStatisticsQueryHandler statistics;
    private final ReadYourWrites reads;

    SalesStatisticsController(SalesStatisticsQueryHandler statistics, ReadYourWrites reads) {
        this.statistics = statistics;
        this.reads = reads;
    }

    @GetMapping("/api/statistics/sales")
    @Performs(FindSalesStatistics.class)
    @Operation(
            summary = "Adds up what was sold",
            description = "Orders count on the day of their placing, in UTC; cancelled ones don't count. Days without"
                    + " orders are left out. The ten products of which most units were sold in the period are listed,"
                    + " those that are equal by their number.")
    @ApiResponse(responseCode = "200", description = "The figures", useReturnTypeSchema = true)
    SalesStatistics sales(
            @Parameter(
                            description = "only orders placed at that instant or later; a date is its beginning in UTC",
                            example = "2026-01-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            description = "only orders placed before that instant; a date is its beginning in UTC",
                            example = "2026-02-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(
                            description = "length of a bucket",
                            schema = @Schema(allowableValues = "day", defaultValue = "day"))
                    @RequestParam(required = false)
                    @Nullable
                    String bucket,
            ReadAfter after) {
        Instant begin = QueryParameters.instant("from", from);
        Instant end = QueryParameters.instant("to", to);
        QueryParameters.ordered(begin, end);
        QueryParameters.oneOf("bucket", BUCKETS, bucket);
        return reads.answer(
                after,
                () -> statistics.handle(new FindSalesStatistics(begin, end, after.position() != null)),
                SalesStatisticsConfiguration.PROJECTION);
    }
}
