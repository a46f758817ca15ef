import Access
import Hummingbird
import Kernel
import Pipeline

/// The table of contents: every address of the server, with the right it needs.
///
/// Routes are registered from this table and described from it; there is no other way in.
package enum ServerRoutes {
    package static func all(_ rooms: ServerRooms) -> [Route] {
        doors(rooms) + pages(rooms) + files(rooms) + api(rooms) + system(rooms)
    }

    private static func doors(_ rooms: ServerRooms) -> [Route] {
        let door = SignInPages(rooms: rooms)
        return [
            .page("/sign-in", .nothing, door.show),
            .form("/sign-in", .nothing, door.signIn),
            .form("/sign-out", .newcomer, door.signOut),
            .page("/password", .newcomer, door.password),
            .form("/password", .newcomer, door.changePassword),
            .form("/language", .nothing, door.language),
            .form("/book", .person, door.book),
            .page("/setup", .nothing, SetupPages(rooms: rooms).show),
            .form("/setup", .nothing, SetupPages(rooms: rooms).finish),
        ]
    }

    private static func pages(_ rooms: ServerRooms) -> [Route] {
        let cases = CasePages(rooms: rooms)
        let vouchers = VoucherPages(rooms: rooms)
        let evidence = EvidencePages(rooms: rooms)
        let originals = VoucherRoutes(rooms: rooms)
        let master = MasterPages(rooms: rooms)
        let ledger = LedgerPages(rooms: rooms)
        let office = OfficePages(rooms: rooms)
        let people = PeoplePages(rooms: rooms)
        let company = CompanyPages(rooms: rooms)
        let integration = ConnectorPages(rooms: rooms)
        return [
            .page("/", .person, OverviewPage(rooms: rooms).show),
            .page("/cases", .right(.casesRead), cases.list),
            .page("/cases/{id}", .right(.casesRead), cases.show),
            .form("/cases/{id}/retry", .right(.caseRetry), cases.retry),
            .form("/cases/{id}/end", .right(.caseFix), cases.end),
            .page("/dead-letters", .right(.casesRead), cases.deadLetters),
            .form("/dead-letters", .right(.caseRetry), cases.revive),
            .form("/cases/{id}/map", .right(.mappingEdit), cases.map),
            .page("/vouchers", .right(.voucherRead), vouchers.list),
            .page("/vouchers/{id}", .right(.voucherRead), vouchers.show),
            // The desk asks for the right of the act itself.
            .form("/vouchers/{id}/act", .right(.voucherRead), vouchers.act),
            .form("/vouchers/{id}/reverse", .right(.voucherReverse), vouchers.reverse),
            .page("/evidence", .right(.evidenceRead), evidence.list),
            .page("/evidence/{id}", .right(.evidenceRead), evidence.show),
            .page("/evidence/{id}/original", .right(.evidenceRead), originals.original),
            .page("/balances", .right(.ledgerRead), ledger.balances),
            .page("/accounts/{code}", .right(.ledgerRead), ledger.account),
            .page("/master", .right(.masterdataRead), master.show),
            .form("/master/items", .right(.masterdataEdit), master.setItem),
            .form("/master/accounts", .right(.masterdataEdit), master.addAccount),
            .form("/master/mappings", .right(.mappingEdit), master.setMapping),
            .page("/connectors", .right(.connectorRead), office.connectors),
            .page("/connectors/new", .right(.connectorEdit), integration.form),
            .form("/connectors", .right(.connectorEdit), integration.add),
            .form("/connectors/active", .right(.connectorEdit), integration.setActive),
            .form("/connectors/secret", .right(.connectorEdit), integration.replaceSecret),
            .form("/connectors/retire", .right(.connectorEdit), integration.retireSecret),
            .form("/connectors/replay", .right(.deliveryReplay), office.replay),
            .page("/log", .right(.logRead), office.log),
            .page("/companies", .installation(.booksAdd), company.list),
            .form("/companies", .installation(.booksAdd), company.add),
            .page("/book", .right(.ledgerRead), company.book),
            .form("/book/settings", .right(.settingsEdit), company.set),
            .form("/book/period", .right(.periodClose), company.period),
            .page("/people", .installation(.usersRead), people.list),
            .form("/people", .installation(.usersEdit), people.add),
            .page("/people/{id}", .installation(.usersRead), people.show),
            .form("/people/{id}/active", .installation(.usersEdit), people.setActive),
            .form("/people/{id}/password", .installation(.usersEdit), people.resetPassword),
            .form("/people/{id}/roles", .installation(.rolesAssign), people.setRoles),
            .page("/events", .right(.casesRead), EventRoutes(rooms: rooms).stream),
        ]
    }

    private static func files(_ rooms: ServerRooms) -> [Route] {
        [.page("/assets/{name}", .nothing, AssetRoutes(rooms: rooms).asset)]
    }

    private static func api(_ rooms: ServerRooms) -> [Route] {
        let identity = IdentityRoutes(rooms: rooms)
        let cases = CaseRoutes(rooms: rooms)
        let vouchers = VoucherRoutes(rooms: rooms)
        let master = MasterDataRoutes(rooms: rooms)
        let ledger = LedgerRoutes(rooms: rooms)
        let people = PeopleRoutes(rooms: rooms)
        let settings = SettingsRoutes(rooms: rooms)
        let company = CompanyRoutes(rooms: rooms)
        let connectors = ConnectorRoutes(rooms: rooms)
        return [
            .post("/api/v1/setup", .nothing, .setup, company.setup),
            .get("/api/v1/companies", .person, .init("The companies one may see."), company.list),
            .post("/api/v1/companies", .installation(.booksAdd), .addCompany, company.add),
            .get(
                "/api/v1/companies/choices", .installation(.booksAdd),
                .init("Charts and rule books that ship for a new company."), company.choices
            ),
            .get("/api/v1/book", .right(.ledgerRead), .init("The company of the book."), company.show),
            .get("/api/v1/periods", .right(.ledgerRead), .init("The periods, oldest first."), company.periods),
            .post("/api/v1/periods/{period}/open", .right(.periodClose), .openPeriod, company.open),
            .post("/api/v1/periods/{period}/close", .right(.periodClose), .closePeriod, company.close),
            .put("/api/v1/master-data/accounts/{code}", .right(.masterdataEdit), .addAccount, company.addAccount),
            .post("/api/v1/sign-in", .nothing, .signIn, identity.signIn),
            .get("/api/v1/people/me", .newcomer, .init("Who one is, and what one may see."), identity.me),
            .post("/api/v1/people/me/password", .newcomer, .changePassword, identity.changePassword),
            .get("/api/v1/people", .installation(.usersRead), .init("Everybody, with the roles."), people.list),
            .post("/api/v1/people", .installation(.usersEdit), .addPerson, people.add),
            .get("/api/v1/people/{id}", .installation(.usersRead), .init("One person."), people.show),
            .post(
                "/api/v1/people/{id}/disable", .installation(.usersEdit),
                .init("Keeps a person out; every session ends."), people.disable
            ),
            .post(
                "/api/v1/people/{id}/enable", .installation(.usersEdit), .init("Lets a person in again."), people.enable
            ),
            .post(
                "/api/v1/people/{id}/reset-password", .installation(.usersEdit), .resetPassword, people.resetPassword),
            .put("/api/v1/people/{id}/roles", .installation(.rolesAssign), .setRoles, people.setRoles),
            .get(
                "/api/v1/overview", .right(.casesRead), .init("How many cases stand where, and alerts."), cases.overview
            ),
            .get("/api/v1/cases", .right(.casesRead), .cases, cases.list),
            .get("/api/v1/cases/{id}", .right(.casesRead), .init("One case with all that hangs on it."), cases.show),
            .post("/api/v1/cases/{id}/retry", .right(.caseRetry), .retry, cases.retry),
            .post("/api/v1/cases/{id}/end", .right(.caseFix), .endCase, cases.end),
            .get(
                "/api/v1/dead-letters", .right(.casesRead),
                .init("Jobs that were given up, oldest first, 200 at most."),
                cases.deadLetters
            ),
            .post("/api/v1/dead-letters/{id}/revive", .right(.caseRetry), .revive, cases.revive),
            .get("/api/v1/vouchers", .right(.voucherRead), .vouchers, vouchers.list),
            .get("/api/v1/vouchers/{id}", .right(.voucherRead), .init("One voucher with its lines."), vouchers.show),
            // The desk asks for the right of the act itself.
            .post("/api/v1/vouchers/{id}/{act}", .right(.voucherRead), .act, vouchers.act),
            .get("/api/v1/evidence", .right(.evidenceRead), .evidence, vouchers.evidenceList),
            .get("/api/v1/evidence/{id}", .right(.evidenceRead), .init("One electronic voucher."), vouchers.evidence),
            .get("/api/v1/evidence/{id}/original", .right(.evidenceRead), .original, vouchers.original),
            .get("/api/v1/balances", .right(.ledgerRead), .balances, ledger.balances),
            .get("/api/v1/accounts/{code}", .right(.ledgerRead), .account, ledger.account),
            .get("/api/v1/ledger/export", .right(.ledgerExport), .export, ledger.export),
            .get(
                "/api/v1/master-data/accounts", .right(.masterdataRead), .init("The chart of accounts."), master.chart),
            .get("/api/v1/master-data/items", .right(.masterdataRead), .items, master.items),
            .put("/api/v1/master-data/items/{dimension}/{code}", .right(.masterdataEdit), .setItem, master.setItem),
            .get(
                "/api/v1/master-data/mappings", .right(.mappingRead), .init("What OAs call the items."), master.mappings
            ),
            .put("/api/v1/master-data/mappings", .right(.mappingEdit), .setMapping, master.setMapping),
            .get(
                "/api/v1/settings", .right(.casesRead),
                .init("How the book keeps duties apart, reviews and posts."), settings.show
            ),
            .put("/api/v1/settings", .right(.settingsEdit), .settings, settings.change),
            .get("/api/v1/rule-books", .right(.rulesRead), .init("Every version of the rule books."), master.ruleBooks),
            .get(
                "/api/v1/connectors", .right(.connectorRead), .init("The connectors, without their secrets."),
                connectors.list
            ),
            .get(
                "/api/v1/connectors/kinds", .right(.connectorRead), .init("The kinds, and what each asks for."),
                connectors.kinds
            ),
            .post("/api/v1/connectors", .right(.connectorEdit), .addConnector, connectors.add),
            .get("/api/v1/connectors/{id}", .right(.connectorRead), .init("One connector."), connectors.show),
            .post(
                "/api/v1/connectors/{id}/disable", .right(.connectorEdit),
                .init("Takes a connector out of use; what it received stays."), connectors.disable
            ),
            .post(
                "/api/v1/connectors/{id}/enable", .right(.connectorEdit), .init("Takes it into use again."),
                connectors.enable
            ),
            .post("/api/v1/connectors/{id}/secret", .right(.connectorEdit), .replaceSecret, connectors.replaceSecret),
            .post(
                "/api/v1/connectors/{id}/retire-secret", .right(.connectorEdit),
                .init("Takes only the newest secret from now on."), connectors.retireSecret
            ),
            .get("/api/v1/deliveries", .right(.connectorRead), .deliveries, identity.deliveries),
            .post("/api/v1/deliveries/replay", .right(.deliveryReplay), .replay, identity.replay),
            .get("/api/v1/log", .right(.logRead), .log, identity.log),
            .get(
                "/api/v1/schemas/{name}", .nothing, .init("A published JSON schema."), SystemRoutes(rooms: rooms).schema
            ),
        ]
    }

    private static func system(_ rooms: ServerRooms) -> [Route] {
        let system = SystemRoutes(rooms: rooms)
        return [
            .get("/healthz", .nothing, .text("The process is alive."), system.alive),
            .get("/readyz", .nothing, .text("The node can take work; 503 with reasons otherwise."), system.ready),
            .get("/version", .nothing, .init("The version of the program."), system.version),
            .get("/metrics", .installation(.metricsRead), .text("Figures for Prometheus."), system.metrics),
            .get("/api/openapi.json", .nothing, .init("This description."), system.description),
            .get("/in/{connector}", .nothing, .text("An OA checks its callback address."), system.receive),
            .post("/in/{connector}", .nothing, .text("An OA's delivery, signed as its vendor does."), system.receive),
        ]
    }
}

extension RouteNote {
    fileprivate static let page = [
        Parameter("limit", "Items in a page, from 1 to 200; 50 if missing."),
        Parameter("cursor", "`next_cursor` of the page before."),
    ]

    fileprivate static func text(_ summary: String) -> RouteNote { RouteNote(summary, contentType: "text/plain") }

    fileprivate static let signIn = RouteNote(
        "Signs a person in; the token goes into `Authorization: Bearer`.",
        body: [Parameter("login", "Login name."), Parameter("password", "Password.")]
    )
    fileprivate static let setup = RouteNote(
        "Makes the administrators of an installation that has nobody; answers with a token and one-time passwords.",
        body: [
            Parameter("code", "The code that `serve` printed."), Parameter("login", "Login name of the first one."),
            Parameter("name", "Name."), Parameter("password", "A password of their own."),
            Parameter("security", "Login and name of the security administrator."),
            Parameter("auditor", "Login and name of the auditor; may be left out."),
        ],
        status: 201
    )
    fileprivate static let addConnector = RouteNote(
        "Connects an OA. A generic connector's secret is in the answer, and nowhere else.",
        body: [
            Parameter("id", "Id, the end of the callback address."), Parameter("kind", "One of `/connectors/kinds`."),
            Parameter("name", "Name; the id if missing."),
            Parameter("home_book", "Book for cases of no named company."),
            Parameter("options", "Options by the names of the kind's fields."),
            Parameter("secrets", "The vendor's secrets by name; sealed, and never shown again."),
            Parameter("mapping", "A mapping of one's own; the shipped one if missing."),
        ],
        status: 201
    )
    fileprivate static let replaceSecret = RouteNote(
        "Replaces secrets. A generic connector gets a new one, in the answer; the old one is taken until it is retired.",
        body: [Parameter("<name>", "A vendor's new secret by the name of its field.")]
    )
    fileprivate static let addCompany = RouteNote(
        "Sets a company up: its book with open periods, chart and rule book. Automatic review is off.",
        body: [
            Parameter("id", "Id of the book, for ever."), Parameter("name", "Name of the company."),
            Parameter("tax_id", "Unified social credit code."), Parameter("standard", "cas or small."),
            Parameter("taxpayer", "一般纳税人 or 小规模纳税人."), Parameter("currency", "Base currency; CNY if missing."),
            Parameter("first_period", "First open period, YYYY-MM; this month if missing."),
            Parameter("chart", "A shipped chart; that of the standard if missing."),
            Parameter("rule_book", "A shipped rule book or `none`; that of the standard if missing."),
            Parameter("needs_cashier_signature", "True if missing."),
        ],
        status: 201
    )
    fileprivate static let openPeriod = RouteNote("Opens the next period; cases that waited for it go on.")
    fileprivate static let closePeriod = RouteNote(
        "Closes the first open period, once nothing waits for posting in it.")
    fileprivate static let addAccount = RouteNote(
        "Adds a sub-account; the account above takes no lines from then on.",
        body: [
            Parameter("parent", "Code of the account above."), Parameter("name", "Name."),
            Parameter("dimensions", "Kinds of dimension that each line must carry; those above if missing."),
        ],
        status: 201
    )
    fileprivate static let changePassword = RouteNote(
        "Replaces one's password; every session ends, and the answer carries the token of a new one.",
        body: [Parameter("current", "The current password."), Parameter("new", "The new one.")]
    )
    fileprivate static let addPerson = RouteNote(
        "Makes a person without roles; the one-time password is in the answer, and nowhere else.",
        body: [Parameter("login", "Login name."), Parameter("name", "Name, as vouchers show it.")], status: 201
    )
    fileprivate static let resetPassword = RouteNote(
        "Gives a person another one-time password; every session ends."
    )
    fileprivate static let setRoles = RouteNote(
        "Says which roles a person holds in a book from now on; duties that must be kept apart are refused with 409.",
        body: [Parameter("book", "The book; `installation` for the system."), Parameter("roles", "A list of roles.")]
    )
    fileprivate static let settings = RouteNote(
        "Changes settings of the book; what is left out stays. The log keeps them before and after.",
        body: [
            Parameter("profile", "`strict`, or `small`: the reviewer may post until a day (SOD-02)."),
            Parameter("reason", "Why the exception is needed."), Parameter("until", "Its last day."),
            Parameter("publisher_ceiling", "Amount up to which a publisher approves what a new version makes."),
            Parameter("needs_cashier_signature", "Whether cash and bank vouchers are signed before posting."),
            Parameter("posts_automatically", "Whether reviewed vouchers are posted by the program."),
            Parameter("automatic_review_authorised_by", "A finance lead; an empty text switches it off."),
            Parameter("automatic_review_ceiling", "Amount up to which vouchers are reviewed by the program."),
        ]
    )
    fileprivate static let cases = RouteNote(
        "Cases, newest first.",
        query: page + [
            Parameter("state", "States, with commas between them."), Parameter("step", "The step they stand at."),
            Parameter("kind", "Kind of document."), Parameter("problem", "Code of the problem that holds them."),
            Parameter("q", "Part of number, title or applicant."),
        ]
    )
    fileprivate static let endCase = RouteNote(
        "Ends a held case without a voucher; its invoices are free again.",
        body: [Parameter("reason", "Why, in 1 to 200 characters; the OA is told.")]
    )
    fileprivate static let revive = RouteNote("Tries a job again that was given up.", status: 202)
    fileprivate static let retry = RouteNote("Starts another run of a case that is held or waits.", status: 202)
    fileprivate static let vouchers = RouteNote(
        "Vouchers, newest first.",
        query: page + [
            Parameter("state", "States, with commas between them."), Parameter("period", "YYYY-MM."),
            Parameter("account", "Account code."), Parameter("q", "Part of number or summary."),
        ]
    )
    fileprivate static let act = RouteNote(
        "Submits, approves, returns, signs, unapproves, posts, discards or reverses a voucher.",
        body: [
            Parameter("reason", "Needed to return and to reverse."),
            Parameter("version", "The version one saw; another one is refused with 412."),
        ]
    )
    fileprivate static let evidence = RouteNote(
        "Electronic vouchers, newest first.", query: page + [Parameter("q", "Part of number, seller or file name.")]
    )
    fileprivate static let original = RouteNote("The file exactly as it came.", contentType: "application/octet-stream")
    fileprivate static let balances = RouteNote("Trial balance of a period.", query: [Parameter("period", "YYYY-MM.")])
    fileprivate static let account = RouteNote(
        "The lines of an account with the balance after each.", query: [Parameter("period", "YYYY-MM.")]
    )
    fileprivate static let export = RouteNote(
        "The posted books as text for plain-text accounting programs.",
        query: [
            Parameter("format", "hledger, beancount or ledger."), Parameter("period", "YYYY-MM; all if missing."),
        ],
        contentType: "text/plain"
    )
    fileprivate static let items = RouteNote(
        "Dimension items.", query: [Parameter("dimension", "Only those of this dimension.")]
    )
    fileprivate static let setItem = RouteNote(
        "Creates or changes a dimension item; cases that waited for it go on.",
        body: [
            Parameter("name", "Its name."), Parameter("attributes", "What rules want to know of it."),
            Parameter("active", "False takes it out of use."),
        ]
    )
    fileprivate static let setMapping = RouteNote(
        "Says what an id of an OA means here; cases that waited for it go on.",
        body: [
            Parameter("connector", "Id of the connector."), Parameter("dimension", "Dimension of the item."),
            Parameter("vendor_id", "Id in the OA."), Parameter("code", "Code of the item."),
        ]
    )
    fileprivate static let deliveries = RouteNote(
        "What an OA delivered, newest first.", query: page + [Parameter("connector", "Id of the connector.")]
    )
    fileprivate static let replay = RouteNote(
        "Works on a delivery again that became no case.",
        body: [Parameter("connector", "Id of the connector."), Parameter("key", "Key of the delivery.")], status: 202
    )
    fileprivate static let log = RouteNote(
        "Log entries from a position on, with size and root of the log.",
        query: [
            Parameter("cursor", "Position of the first entry; 0 if missing."),
            Parameter("limit", "Entries in a page, from 1 to 200."),
        ]
    )
}
