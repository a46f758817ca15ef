import Access
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Pipeline

/// Dresses a view as a page: inside the frame of the product, in the visitor's language.
struct PageDesk: Sendable {
    let rooms: ServerRooms

    init(_ rooms: ServerRooms) {
        self.rooms = rooms
    }

    func texts(_ context: DoorContext) -> PageTexts { rooms.pages.texts[context.language] ?? PageTexts(.null) }

    /// A page with navigation.
    ///
    /// - Parameter nav: the entry of the navigation that is open.
    func page(
        _ template: String, nav: String, title: String, _ view: JSON, _ context: DoorContext, _ book: Book.ID,
        address: String = "/", status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let frame = try await PageFrame(context, book, rooms)
        let root = view.merging(frame.view(nav: nav, title: title, address: address, texts(context)))
        return try html(template, root, context, status: status, remembering: book)
    }

    /// A page for whoever is not signed in.
    func bare(
        _ template: String, title: String, _ view: JSON, _ context: DoorContext, address: String = "/",
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let root = view.merging(PageFrame.bare(title: title, address: address, context, rooms))
        return try html(template, root, context, status: status, remembering: nil)
    }

    private func html(
        _ template: String, _ view: JSON, _ context: DoorContext, status: HTTPResponse.Status,
        remembering book: Book.ID?
    ) throws -> Response {
        let text = try rooms.pages.render(template, view, in: context.language)
        var response = Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .vary: "cookie"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
        if let book { response.setCookie(rooms.cookie(Doorway.bookCookie, book.text)) }
        return response
    }

    /// Back to a page after a form, with a sentence on what was done.
    func done(_ address: String, _ key: String, _ book: Book.ID) -> Response {
        .seeOther("\(address)?done=\(key)&book=\(book.text.addingPercentEncodingForQuery)")
    }
}

/// What surrounds every page: who is signed in, which book, where one can go.
struct PageFrame: Sendable {
    private let visitor: Visitor?
    private let book: Book.ID
    private let books: [Book]
    private let counts: [CaseCount]
    private let context: DoorContext
    private let rooms: ServerRooms

    init(_ context: DoorContext, _ book: Book.ID, _ rooms: ServerRooms) async throws {
        self.context = context
        self.book = book
        self.rooms = rooms
        visitor = context.visitor
        if let visitor {
            books = try await BookList.of(visitor, in: rooms.store)
            counts = visitor.may(.casesRead, in: book) ? try await rooms.store.read(book) { try $0.cases.counts() } : []
        } else {
            books = []
            counts = []
        }
    }

    func view(nav: String, title: String, address: String, _ texts: PageTexts) -> JSON {
        let held = counts.filter { $0.state == .held }.reduce(0) { $0 + $1.count }
        let entries = Self.entries.filter { entry in
            guard let needs = entry.needs else { return true }
            return visitor?.may(needs, in: entry.isInstallation ? Book.installation : book) == true
        }
        let others = books.map { other in
            JSON.object([
                ("id", .string(other.id.text)), ("name", .string(other.name)), ("chosen", .bool(other.id == book)),
            ])
        }
        return .object([
            (
                "nav",
                .array(
                    entries.map { entry in
                        .object([
                            ("href", .string(entry.path)), ("label", .string(texts.text("nav", entry.name))),
                            ("name", .string(entry.name)), ("current", .bool(entry.name == nav)),
                            ("count", entry.name == "cases" && held > 0 ? .integer(held) : .null),
                        ])
                    }
                )
            ),
            ("person", .optional(visitor?.person.name)), ("formToken", .optional(visitor?.formToken)),
            ("bookID", .string(book.text)), ("books", .array(others)), ("severalBooks", .bool(books.count > 1)),
            ("bookName", .string(books.first { $0.id == book }?.name ?? texts.text("frame", "installation"))),
            ("hasBook", .bool(books.contains { $0.id == book })),
        ]).merging(Self.bare(title: title, address: address, context, rooms))
    }

    static func bare(title: String, address: String, _ context: DoorContext, _ rooms: ServerRooms) -> JSON {
        .object([
            ("lang", .string(context.language == .zh ? "zh-CN" : "en")), ("title", .string(title)),
            ("isChinese", .bool(context.language == .zh)), ("address", .string(address)),
            ("edition", .string(rooms.pages.edition)), ("productVersion", .string(rooms.version)),
            ("otherLanguage", .string(context.language == .zh ? "en" : "zh")),
        ])
    }

    private struct Entry {
        let name: String
        let path: String
        let needs: Right?
        let isInstallation: Bool

        init(_ name: String, _ path: String, _ needs: Right?, isInstallation: Bool = false) {
            self.name = name
            self.path = path
            self.needs = needs
            self.isInstallation = isInstallation
        }
    }

    private static let entries = [
        Entry("overview", "/", nil), Entry("cases", "/cases", .casesRead),
        Entry("vouchers", "/vouchers", .voucherRead), Entry("evidence", "/evidence", .evidenceRead),
        Entry("balances", "/balances", .ledgerRead), Entry("master", "/master", .masterdataRead),
        Entry("connectors", "/connectors", .connectorRead), Entry("log", "/log", .logRead),
        Entry("book", "/book", .ledgerRead), Entry("companies", "/companies", .booksAdd, isInstallation: true),
        Entry("people", "/people", .usersRead, isInstallation: true),
    ]
}

extension JSON {
    /// The object with the members of another one; its own win.
    func merging(_ other: JSON) -> JSON {
        let own = members ?? []
        let names = Set(own.map(\.name))
        return .object(own + (other.members ?? []).filter { !names.contains($0.name) })
    }
}

extension ServerRooms {
    /// A cookie of ours; scripts never see it, and other sites cannot send it with a form.
    func cookie(_ name: String, _ value: String, maxAge: Int? = nil) -> Cookie {
        Cookie(
            name: name, value: value.addingPercentEncodingForQuery, maxAge: maxAge, path: "/", secure: servesHTTPS,
            httpOnly: true, sameSite: .lax
        )
    }
}
