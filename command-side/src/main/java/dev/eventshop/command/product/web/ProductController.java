package dev.eventshop.command.product.web;

import dev.eventshop.access.Performs;
import dev.eventshop.command.currency.ShopCurrency;
import dev.eventshop.command.http.Answers;
import dev.eventshop.command.http.ClientCommands;
import dev.eventshop.command.http.Form;
import dev.eventshop.command.http.InputLimits;
import dev.eventshop.command.http.ResourceIds;
import dev.eventshop.command.http.Write;
import dev.eventshop.command.ids.IdSequence;
import dev.eventshop.command.product.AdjustStock;
import dev.eventshop.command.product.ChangePrice;
import dev.eventshop.command.product.CreateProduct;
import dev.eventshop.command.product.TakeStock;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.web.ETags;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.math.BigDecimal;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
@UnknownId(code = "PRODUCT_NOT_FOUND", detail = "There is no such product.")
class ProductController {

    private final ClientCommands commands;
    private final IdSequence productIds;
    private final ShopCurrency currency;
    private final InputLimits limits;

    ProductController(ClientCommands commands, IdSequence productIds, ShopCurrency currency, InputLimits limits) {
        this.commands = commands;
        this.productIds = productIds;
        this.currency = currency;
        this.limits = limits;
    }

    @PostMapping
    @Performs(CreateProduct.class)
    @Operation(summary = "Add a product")
    @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
    ResponseEntity<ProductCreatedAnswer> create(@RequestBody CreateProductRequest request) {
        Form form = new Form();
        String name = form.text("name", request.name(), limits.nameLength());
        BigDecimal price = form.amount("price", request.price(), limits.price(), currency);
        int initialStock = form.number("initialStock", request.initialStock(), 0, Integer.MAX_VALUE);
        form.check();

        return commands.answer(ProductCreatedAnswer.class, request, () -> {
            ProductId id = new ProductId(ResourceIds.next(productIds));
            return new Write<>(
                    new CreateProduct(id, name, price, initialStock),
                    outcome -> Answers.created(
                            "/api/products/" + id.value(), outcome, new ProductCreatedAnswer(id.value())));
        });
    }

    @PutMapping("/{id}/stock")
    @Performs(TakeStock.class)
    @Operation(summary = "Set the stock after a stock-take")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    ResponseEntity<Void> takeStock(
            @PathVariable String id, @RequestBody TakeStockRequest request, ETags.Condition ifMatch) {
        Form form = new Form();
        int stock = form.number("stock", request.stock(), 0, Integer.MAX_VALUE);
        form.check();

        return Answers.done(commands.send(new TakeStock(product(id), stock), ifMatch));
    }

    @PostMapping("/{id}/stock-adjustments")
    @Performs(AdjustStock.class)
    @Operation(summary = "Raise or lower the stock")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "422",
            description =
                    "INSUFFICIENT_STOCK or STOCK_OVERFLOW: the stock does not allow it; INVALID_REQUEST: see errors")
    ResponseEntity<Void> adjustStock(
            @PathVariable String id, @RequestBody AdjustStockRequest request, ETags.Condition ifMatch) {
        Form form = new Form();
        int delta = form.number("delta", request.delta(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        String reason = form.optionalText("reason", request.reason(), limits.reasonLength());
        form.check();

        return commands.answer(
                Void.class,
                request,
                ifMatch,
                () -> new Write<>(new AdjustStock(product(id), delta, reason), Answers::done));
    }

    @PutMapping("/{id}/price")
    @Performs(ChangePrice.class)
    @Operation(summary = "Set the price")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    ResponseEntity<Void> changePrice(
            @PathVariable String id, @RequestBody ChangePriceRequest request, ETags.Condition ifMatch) {
        Form form = new Form();
        BigDecimal price = form.amount("price", request.price(), limits.price(), currency);
        form.check();

        return Answers.done(commands.send(new ChangePrice(product(id), price), ifMatch));
    }

    private static ProductId product(String id) {
        return new ProductId(ResourceIds.parse("product", id));
    }
}
