package import Kernel

/// Speaks the dialect of one OA product.
///
/// A connector knows its vendor and nothing else: it opens no database, decides no booking, and does not
/// retry. It says whether waiting helps (`ConnectorError.isTransient`); the job queue does the waiting.
package protocol OAConnector: Sendable {
    /// Proves that a delivery comes from the OA it claims, reads its envelope, and prepares the answer.
    ///
    /// Runs before anything is stored, so it is quick and reaches nobody outside.
    func accept(_ request: InboundRequest, now: Timestamp) throws(ConnectorError) -> Acceptance

    /// Fetches what the event pointed to. Equal deliveries give equal instances as long as the OA keeps them.
    ///
    /// - Returns: The vendor's instance payload, or the document itself where the delivery brought it.
    func fetch(_ delivery: StoredDelivery) async throws(ConnectorError) -> FetchedInstance

    /// Downloads the bytes of one attachment that the document names.
    func download(_ attachment: AttachmentReference, of delivery: StoredDelivery) async throws(ConnectorError)
        -> [UInt8]

    /// Tells the OA what became of its form. May be called again with the same receipt.
    func writeBack(_ receipt: Receipt) async throws(ConnectorError)

    /// Tries what the setting says, and orders at the vendor what has to be ordered, such as its events.
    ///
    /// May be called at any time; what is ordered already stays so.
    func check() async throws(ConnectorError)
}

extension OAConnector {
    /// For those that call nobody.
    package func check() async throws(ConnectorError) {}
}

/// A request exactly as it arrived, so that it can be replayed.
package struct InboundRequest: Hashable, Sendable {
    package let method: String
    /// Names in lower case.
    package let headers: [String: String]
    package let query: [String: String]
    package let body: [UInt8]

    package init(method: String, headers: [String: String], query: [String: String], body: [UInt8]) {
        self.method = method
        self.headers = headers
        self.query = query
        self.body = body
    }
}

/// What a connector made of a request.
package enum Acceptance: Hashable, Sendable {
    /// To be stored and worked on. `key` is the vendor's identity of the event; the same key twice is one delivery.
    case delivery(key: String, payload: [UInt8], answer: InboundAnswer)
    /// Answered at once and not stored, such as the check of the callback address.
    case answer(InboundAnswer)
}

/// The answer to the OA, sent only after the delivery was committed.
package struct InboundAnswer: Hashable, Sendable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// A delivery that was committed to the inbox.
package struct StoredDelivery: Hashable, Sendable {
    package let connector: String
    package let key: String
    package let receivedAt: Timestamp
    /// What `Acceptance.delivery` carried: decrypted where the vendor encrypts.
    package let payload: [UInt8]

    package init(connector: String, key: String, receivedAt: Timestamp, payload: [UInt8]) {
        self.connector = connector
        self.key = key
        self.receivedAt = receivedAt
        self.payload = payload
    }
}

/// What stands behind a delivery.
package enum FetchedInstance: Hashable, Sendable {
    /// A document in the one form already (generic connector, SOAP, files).
    case document(JSON)
    /// A vendor's payload that the connector's mapping turns into a document.
    case instance(JSON)
    /// The event says nothing about an outcome (a start, a comment); it is recorded and ends.
    case irrelevant(Phrase)
}

/// A file of an approval as its document names it.
package struct AttachmentReference: Hashable, Sendable {
    package let name: String
    package let url: String?
    /// Vendor's own reference, such as 钉钉's fileId and spaceId.
    package let vendor: JSON

    package init(name: String, url: String?, vendor: JSON) {
        self.name = name
        self.url = url
        self.vendor = vendor
    }
}

/// What became of a form, for its OA (回写).
package struct Receipt: Hashable, Sendable {
    /// Stable for one fact: case, event. The OA sees one comment for one key.
    package let key: String
    package let approval: Case.Approval
    /// `held`, `drafted`, `posted`, `reversed` or `nothing_to_book`.
    package let event: String
    /// The sentence people read, in the language the company chose.
    package let text: String
    package let data: JSON

    package init(key: String, approval: Case.Approval, event: String, text: String, data: JSON) {
        self.key = key
        self.approval = approval
        self.event = event
        self.text = text
        self.data = data
    }
}

/// A configured connection to one OA (连接器).
package struct ConnectorSetting: Hashable, Sendable {
    /// Its name in addresses: `/in/<id>`.
    package let id: String
    /// `generic`, `dingtalk`, ….
    package let kind: String
    package let name: String
    /// The book that takes cases whose company is unknown.
    package let homeBook: Book.ID
    /// Everything but secrets: addresses, allowed hosts, accepted receiver ids.
    package let options: JSON
    /// Secrets by name, opened; they are sealed at rest.
    package let secrets: [String: String]
    /// The mapping from the vendor's form to the document, as data.
    package let mapping: JSON
    package let mappingVersion: Int
    package let isActive: Bool

    /// The option that names the books a connector may bring cases into; without it all of them. It is set by the
    /// program alone.
    package static let servedOption = "served_books"

    /// Whether cases from here may come into a book.
    package func serves(_ book: Book.ID) -> Bool {
        guard let served = options[Self.servedOption]?.array else { return true }
        return book == homeBook || served.contains(.string(book.text))
    }

    package init(
        id: String, kind: String, name: String, homeBook: Book.ID, options: JSON, secrets: [String: String],
        mapping: JSON, mappingVersion: Int, isActive: Bool
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.homeBook = homeBook
        self.options = options
        self.secrets = secrets
        self.mapping = mapping
        self.mappingVersion = mappingVersion
        self.isActive = isActive
    }
}

/// Makes the connector of a setting; the catalogue of room Connectors is the one implementation.
package protocol ConnectorCatalogue: Sendable {
    /// The kinds a person may choose from, with what each wants to be told.
    var kinds: [ConnectorKind] { get }
    func connector(for setting: ConnectorSetting) throws(ConnectorError) -> any OAConnector
}
