/// What the API's description says of its routes, in the order of the route table.
extension RouteNote {
    static let page = [
        Parameter("limit", "Items in a page, from 1 to 200; 50 if missing."),
        Parameter("cursor", "`next_cursor` of the page before."),
    ]

    static func text(_ summary: String) -> RouteNote { RouteNote(summary, contentType: "text/plain") }

    static let signIn = RouteNote(
        "Signs a person in; the token goes into `Authorization: Bearer`.",
        body: [Parameter("login", "Login name."), Parameter("password", "Password.")]
    )
    static let setup = RouteNote(
        "Makes the administrators of an installation that has nobody; answers with a token and one-time passwords.",
        body: [
            Parameter("code", "The code that `serve` printed."), Parameter("login", "Login name of the first one."),
            Parameter("name", "Name."), Parameter("password", "A password of their own."),
            Parameter("security", "Login and name of the security administrator."),
            Parameter("auditor", "Login and name of the auditor; may be left out."),
        ],
        status: 201
    )
    static let addConnector = RouteNote(
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
    static let replaceSecret = RouteNote(
        "Replaces secrets. A generic connector gets a new one, in the answer; the old one is taken until it is retired.",
        body: [Parameter("<name>", "A vendor's new secret by the name of its field.")]
    )
    static let addCompany = RouteNote(
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
    static let setConnectorMapping = RouteNote(
        "Puts a mapping into use as the next version; what waited for it is read again. The body is the mapping.",
        body: [Parameter("format", "`pingqiao.mapping/1`."), Parameter("platform", "The kind of the connector.")]
    )
    static let tryMapping = RouteNote(
        "Says what a mapping makes of a form; nothing is stored.",
        body: [
            Parameter("mapping", "The one in use if missing."),
            Parameter("delivery", "Key of a delivery, which is fetched from the OA again."),
            Parameter("payload", "Or a vendor's instance."),
        ]
    )
    static let openPeriod = RouteNote("Opens the next period; cases that waited for it go on.")
    static let closePeriod = RouteNote(
        "Closes the first open period, once nothing waits for posting in it.")
    static let addAccount = RouteNote(
        "Adds a sub-account; the account above takes no lines from then on.",
        body: [
            Parameter("parent", "Code of the account above."), Parameter("name", "Name."),
            Parameter("dimensions", "Kinds of dimension that each line must carry; those above if missing."),
        ],
        status: 201
    )
    static let changePassword = RouteNote(
        "Replaces one's password; every session ends, and the answer carries the token of a new one.",
        body: [Parameter("current", "The current password."), Parameter("new", "The new one.")]
    )
    static let addPerson = RouteNote(
        "Makes a person without roles; the one-time password is in the answer, and nowhere else.",
        body: [Parameter("login", "Login name."), Parameter("name", "Name, as vouchers show it.")], status: 201
    )
    static let resetPassword = RouteNote(
        "Gives a person another one-time password; every session ends."
    )
    static let setRoles = RouteNote(
        "Says which roles a person holds in a book from now on; duties that must be kept apart are refused with 409.",
        body: [Parameter("book", "The book; `installation` for the system."), Parameter("roles", "A list of roles.")]
    )
    static let settings = RouteNote(
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
    static let cases = RouteNote(
        "Cases, newest first.",
        query: page + [
            Parameter("state", "States, with commas between them."), Parameter("step", "The step they stand at."),
            Parameter("kind", "Kind of document."), Parameter("problem", "Code of the problem that holds them."),
            Parameter("q", "Part of number, title or applicant."),
        ]
    )
    static let endCase = RouteNote(
        "Ends a held case without a voucher; its invoices are free again.",
        body: [Parameter("reason", "Why, in 1 to 200 characters; the OA is told.")]
    )
    static let revive = RouteNote("Tries a job again that was given up.", status: 202)
    static let retry = RouteNote("Starts another run of a case that is held or waits.", status: 202)
    static let vouchers = RouteNote(
        "Vouchers, newest first.",
        query: page + [
            Parameter("state", "States, with commas between them."), Parameter("period", "YYYY-MM."),
            Parameter("account", "Account code."), Parameter("q", "Part of number or summary."),
        ]
    )
    static let act = RouteNote(
        "Submits, approves, returns, signs, unapproves, posts, discards or reverses a voucher.",
        body: [
            Parameter("reason", "Needed to return and to reverse."),
            Parameter("version", "The version one saw; another one is refused with 412."),
        ]
    )
    static let evidence = RouteNote(
        "Electronic vouchers, newest first.", query: page + [Parameter("q", "Part of number, seller or file name.")]
    )
    static let original = RouteNote("The file exactly as it came.", contentType: "application/octet-stream")
    static let balances = RouteNote("Trial balance of a period.", query: [Parameter("period", "YYYY-MM.")])
    static let account = RouteNote(
        "The lines of an account with the balance after each.", query: [Parameter("period", "YYYY-MM.")]
    )
    static let export = RouteNote(
        "The posted books as text for plain-text accounting programs.",
        query: [
            Parameter("format", "hledger, beancount or ledger."), Parameter("period", "YYYY-MM; all if missing."),
        ],
        contentType: "text/plain"
    )
    static let items = RouteNote(
        "Dimension items.", query: [Parameter("dimension", "Only those of this dimension.")]
    )
    static let setItem = RouteNote(
        "Creates or changes a dimension item; cases that waited for it go on.",
        body: [
            Parameter("name", "Its name."), Parameter("attributes", "What rules want to know of it."),
            Parameter("active", "False takes it out of use."),
        ]
    )
    static let setMapping = RouteNote(
        "Says what an id of an OA means here; cases that waited for it go on.",
        body: [
            Parameter("connector", "Id of the connector."), Parameter("dimension", "Dimension of the item."),
            Parameter("vendor_id", "Id in the OA."), Parameter("code", "Code of the item."),
        ]
    )
    static let deliveries = RouteNote(
        "What an OA delivered, newest first.", query: page + [Parameter("connector", "Id of the connector.")]
    )
    static let replay = RouteNote(
        "Works on a delivery again that became no case.",
        body: [Parameter("connector", "Id of the connector."), Parameter("key", "Key of the delivery.")], status: 202
    )
    static let log = RouteNote(
        "Log entries from a position on, with size and root of the log.",
        query: [
            Parameter("cursor", "Position of the first entry; 0 if missing."),
            Parameter("limit", "Entries in a page, from 1 to 200."),
        ]
    )
}
