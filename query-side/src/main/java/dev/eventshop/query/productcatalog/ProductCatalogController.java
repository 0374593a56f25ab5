package dev.eventshop.query.productcatalog;

import dev.eventshop.access.Performs;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.http.ReadYourWrites;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.ReadAfter;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
@UnknownId(code = ProductCatalogController.NOT_FOUND, detail = ProductCatalogController.NO_SUCH_PRODUCT)
@Tag(name = "Products")
class ProductCatalogController {

    static final String NOT_FOUND = "PRODUCT_NOT_FOUND";
    static final String NO_SUCH_PRODUCT = "There is no such product.";
    private static final String LIST = "products:";
    private static final String HISTORY = "stock-history:";

    private final ProductCatalogQueryHandler catalog;
    private final ReadYourWrites reads;
    private final int longestSearch;

    ProductCatalogController(ProductCatalogQueryHandler catalog, ReadYourWrites reads, QueryProperties properties) {
        this.longestSearch = properties.searchLength();
        this.catalog = catalog;
        this.reads = reads;
    }

    @GetMapping
    @Performs(ListProducts.class)
    @Operation(summary = "Lists products")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<Product> list(
            @Parameter(description = "part of the name, in any case; no wildcards", example = "pot")
                    @RequestParam(required = false)
                    @Nullable
                    String search,
            @Parameter(description = "least stock", example = "1", schema = @Schema(type = "integer", minimum = "0"))
                    @RequestParam(required = false)
                    @Nullable
                    String minStock,
            @Parameter(
                            description = "order; with a minus, the reverse. Names by their code points",
                            schema =
                                    @Schema(
                                            defaultValue = "productId",
                                            allowableValues = {
                                                "productId",
                                                "-productId",
                                                "name",
                                                "-name",
                                                "price",
                                                "-price",
                                                "stock",
                                                "-stock",
                                                "updatedAt",
                                                "-updatedAt"
                                            }))
                    @RequestParam(required = false)
                    @Nullable
                    String sort,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit,
            ReadAfter after) {
        ListProducts.Order order = ListProducts.Order.of(QueryParameters.oneOf("sort", ListProducts.Order.ALL, sort));
        String list = LIST + order.text(); // a cursor means something in the order it was made for only
        ListProducts query = new ListProducts(
                QueryParameters.text("search", search, longestSearch),
                QueryParameters.notNegative("minStock", minStock),
                order,
                Cursor.decode(cursor, list, 2, keys -> ListProducts.After.of(order, keys)),
                limit.plusOne());
        return Answers.page(
                reads.answer(after, () -> catalog.handle(query), ProductCatalogConfiguration.PROJECTION),
                limit,
                last -> Cursor.of(
                        list, ListProducts.After.of(order, last).texts().toArray()));
    }

    @GetMapping("/{id}")
    @Performs(FindProduct.class)
    @Operation(summary = "Shows one product")
    @ApiResponse(
            responseCode = "200",
            description = "The product, with its version as ETag",
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "304", description = "The client has that version")
    ResponseEntity<Product> show(
            @Parameter(example = "17") @PathVariable int id,
            @Parameter(description = "ETag of the answer that the client has", example = "\"3\"")
                    @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
                    @Nullable
                    List<String> ifNoneMatch,
            ReadAfter after) {
        Product product = reads.answer(
                        after,
                        () -> catalog.handle(new FindProduct(id, after.position() != null)),
                        ProductCatalogConfiguration.PROJECTION)
                .orElseThrow(ProductCatalogController::unknown);
        return Answers.versioned(product, product.version(), ifNoneMatch);
    }

    @GetMapping("/{id}/stock-history")
    @Performs(ListStockChanges.class)
    @Operation(summary = "Tells how a product's stock changed, newest first")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<StockChange> stockHistory(
            @Parameter(example = "17") @PathVariable int id,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit,
            ReadAfter after) {
        Long before = Cursor.decode(cursor, HISTORY + id, 1, keys -> Long.valueOf(keys.get(0)));
        ListStockChanges query = new ListStockChanges(id, before == null ? Long.MAX_VALUE : before, limit.plusOne());
        List<StockChange> found = reads.answer(after, () -> changes(query), ProductCatalogConfiguration.PROJECTION);
        return Answers.page(found, limit, last -> Cursor.of(HISTORY + id, last.version()));
    }

    private List<StockChange> changes(ListStockChanges query) {
        List<StockChange> found = catalog.handle(query);
        if (found.isEmpty()
                && catalog.handle(new FindProduct(query.productId(), true)).isEmpty()) {
            throw unknown();
        }
        return found;
    }

    private static ProblemException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_PRODUCT);
    }
}
