import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// Chart, dimension items, and what OAs call them (基础资料).
struct MasterPages {
    let rooms: ServerRooms

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let (chart, items, mappings, settings) = try await rooms.store.read(book) {
            (
                try $0.masterData.chart(), try $0.masterData.items(), try $0.masterData.mappings(), try $0.settings()
            )
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, settings)
        let own = Set(items.map(\.dimension)).subtracting(MasterAttributes.dimensions).sorted()
        let dimensions = MasterAttributes.dimensions + own
        let tab = request.query("tab") ?? "items"
        let dimension = request.query("dimension").flatMap { dimensions.contains($0) ? $0 : nil } ?? dimensions[0]
        let view: JSON = .object([
            ("isItems", .bool(tab == "items")), ("isMappings", .bool(tab == "mappings")),
            ("isChart", .bool(tab == "chart")),
            ("dimension", .string(dimension)),
            (
                "dimensions",
                .array(
                    dimensions.map { name in
                        let count = items.reduce(0) { $0 + ($1.dimension == name ? 1 : 0) }
                        return .object([
                            ("label", .string(name)), ("chosen", .bool(name == dimension)),
                            ("href", .string("/master?tab=items&dimension=" + name.addingPercentEncodingForQuery)),
                            ("count", count > 0 ? .integer(count) : .null),
                        ])
                    }
                )
            ),
            (
                "items",
                .array(
                    tab == "items"
                        ? items.filter { $0.dimension == dimension }.map { MasterView.row($0, dress) } : []
                )
            ),
            ("attributes", MasterView.attributes(of: dimension, [:], dress)),
            ("mappings", .array(tab == "mappings" ? mappings.map { MasterView.row($0, items) } : [])),
            ("accounts", .array(tab == "chart" ? chart.accounts.map { MasterView.row($0, chart, dress) } : [])),
            ("accountCount", .integer(chart.accounts.count)), ("mappingCount", .integer(mappings.count)),
            ("mayEdit", .bool(visitor.may(.masterdataEdit, in: book))),
            ("mayMap", .bool(visitor.may(.mappingEdit, in: book))), ("done", dress.done(request.query("done"))),
        ])
        return try await desk.page(
            "master", nav: "master", title: dress.texts.text("nav", "master"), view, context, book, address: "/master"
        )
    }

    func setItem(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let dimension = try form.require("dimension")
        let item = try MappingForm.item(
            form, dimension: dimension, code: try form.require("code"), nameField: "name"
        )
        _ = try await rooms.cases.set(item, in: book, by: try context.requireVisitor())
        return .seeOther(
            "/master?tab=items&dimension=\(dimension.addingPercentEncodingForQuery)&done=item"
                + "&book=\(book.text.addingPercentEncodingForQuery)"
        )
    }

    func addAccount(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let kinds = (form["dimensions"] ?? "").split { $0.isWhitespace || "、,，".contains($0) }.map(String.init)
        let plan = AccountPlan(
            parent: try form.require("parent"), code: try form.require("code"), name: try form.require("name"),
            dimensions: kinds
        )
        _ = try await rooms.companies.add(plan, in: book, by: try context.requireVisitor())
        return .seeOther("/master?tab=chart&done=account&book=\(book.text.addingPercentEncodingForQuery)")
    }

    func setMapping(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let (mapping, item) = try MappingForm.read(form)
        _ = try await rooms.cases.map(mapping, to: item, in: book, by: try context.requireVisitor())
        return .seeOther("/master?tab=mappings&done=mapped&book=\(book.text.addingPercentEncodingForQuery)")
    }
}

/// Master data as its page shows it.
enum MasterView {
    static func row(_ item: MasterItem, _ dress: Dress) -> JSON {
        let attributes = (item.attributes.members ?? []).map { member in
            "\(dress.texts.text("attribute", member.name))：\(member.value.string ?? member.value.text)"
        }
        return .object([
            ("code", .string(item.code)), ("name", .string(item.name)), ("isActive", .bool(item.isActive)),
            ("attributes", .string(attributes.joined(separator: "，"))),
        ])
    }

    static func row(_ mapping: PartyMapping, _ items: [MasterItem]) -> JSON {
        let item = items.first { $0.dimension == mapping.dimension && $0.code == mapping.code }
        return .object([
            ("connector", .string(mapping.connector)), ("dimension", .string(mapping.dimension)),
            ("vendorID", .string(mapping.vendorID)), ("code", .string(mapping.code)), ("name", .optional(item?.name)),
        ])
    }

    static func row(_ account: Account, _ chart: Chart, _ dress: Dress) -> JSON {
        .object([
            ("code", .string(account.code.text)), ("name", .string(account.name)),
            ("level", .integer(chart.level(of: account.code))), ("class", .string(account.accountClass.rawValue)),
            ("direction", .string(dress.texts.text("side", account.direction.rawValue))),
            (
                "dimensions",
                .string((account.dimensions + account.optionalDimensions.map { "(\($0))" }).joined(separator: "、"))
            ),
            ("isLeaf", .bool(account.isLeaf)), ("isActive", .bool(account.isActive)),
        ])
    }

    /// The fields a form asks for an item of a dimension.
    static func attributes(of dimension: String, _ values: JSON, _ dress: Dress) -> JSON {
        .array(
            MasterAttributes.names(of: dimension).map { name in
                [
                    "field": .string(name), "label": .string(dress.texts.text("attribute", name)),
                    "value": .optional(values[name]?.string),
                ]
            }
        )
    }
}
