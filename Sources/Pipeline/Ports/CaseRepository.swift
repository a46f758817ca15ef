package import Kernel

/// The cases of a book.
package protocol CaseRepository {
    func find(_ id: Case.ID) throws -> Case?
    /// All cases of one approval, by revision.
    func cases(of approval: Case.Approval) throws -> [Case]
    func document(of id: Case.ID) throws -> JSON?
    /// The key of the inbox delivery that brought the case.
    func delivery(of id: Case.ID) throws -> String?
    /// Documents of a kind by the numbers people read, such as the purchase orders that an invoice cites, with their cases:
    /// of each approval its highest revision, and nothing of one that was withdrawn or voided.
    func documents(kind: String, numbers: [String]) throws -> [CitedDocument]
    func runs(of id: Case.ID) throws -> [CaseRun]
    func page(_ query: CaseQuery) throws -> Page<Case>
    func counts() throws -> [CaseCount]
    /// Cases held for a mapping or master data that is now there: those whose problem has one of the codes.
    func held(withCodes codes: [String], limit: Int) throws -> [Case]
    /// What was told to the OA and what still has to be, newest last.
    func receipts(of id: Case.ID) throws -> [ReceiptRecord]

    /// Files a new case.
    ///
    /// - Returns: `nil` when the approval's revision has a case already; nothing is written then.
    func add(_ new: Case, document: KeptJSON, delivery: String) throws -> Case?
    /// Files the same revision with other bytes, beside the first; its state is `conflict`.
    func addConflict(_ new: Case, document: KeptJSON, delivery: String) throws

    /// Replaces the case, if it still has the version the change was prepared on.
    ///
    /// - Throws: `PreparedOnOldState` when it has another.
    func update(_ changed: Case, from version: Int64) throws
    func setDocument(_ document: KeptJSON, of id: Case.ID) throws
    func add(_ run: CaseRun, to id: Case.ID) throws
    func end(_ run: CaseRun, of id: Case.ID) throws
    func record(_ receipt: ReceiptRecord, of id: Case.ID) throws
}

/// A document that another one refers to.
package struct CitedDocument: Hashable, Sendable {
    package let caseID: Case.ID
    /// Of the case, so that a commit sees whether it moved on.
    package let version: Int64
    package let number: String
    package let document: JSON

    package init(caseID: Case.ID, version: Int64, number: String, document: JSON) {
        self.caseID = caseID
        self.version = version
        self.number = number
        self.document = document
    }
}

/// Which cases a list shows.
package struct CaseQuery: Hashable, Sendable {
    package let states: [Case.State]
    package let step: Step?
    package let kind: String?
    package let problemCode: String?
    /// Part of the number, title or applicant.
    package let text: String?
    package let limit: Int
    /// The opaque end of the page before.
    package let cursor: String?

    package init(
        states: [Case.State] = [], step: Step? = nil, kind: String? = nil, problemCode: String? = nil,
        text: String? = nil, limit: Int = 50, cursor: String? = nil
    ) {
        self.states = states
        self.step = step
        self.kind = kind
        self.problemCode = problemCode
        self.text = text
        self.limit = min(max(limit, 1), 200)
        self.cursor = cursor
    }
}

/// One page of a list, newest first; `next` is opaque.
package struct Page<Element: Sendable>: Sendable {
    package let items: [Element]
    package let next: String?

    package init(items: [Element], next: String?) {
        self.items = items
        self.next = next
    }
}

/// How many cases stand where.
package struct CaseCount: Hashable, Sendable {
    package let step: Step
    package let state: Case.State
    package let count: Int
    /// When the oldest of them last changed.
    package let oldest: Timestamp

    package init(step: Step, state: Case.State, count: Int, oldest: Timestamp) {
        self.step = step
        self.state = state
        self.count = count
        self.oldest = oldest
    }
}

/// One thing told to the OA (回写).
package struct ReceiptRecord: Hashable, Sendable {
    package let key: String
    package let event: String
    package let text: String
    package let state: State
    package let at: Timestamp

    package enum State: String, Sendable {
        case pending
        case sent
        case unknown
        case dead
    }

    package init(key: String, event: String, text: String, state: State, at: Timestamp) {
        self.key = key
        self.event = event
        self.text = text
        self.state = state
        self.at = at
    }
}

/// The deliveries of one connector's inbox book.
package protocol InboxRepository {
    func delivery(_ key: String) throws -> Delivery?
    func page(limit: Int, cursor: String?) throws -> Page<Delivery>
    /// The keys of deliveries that became no case and wait for a person, oldest first.
    func held(limit: Int) throws -> [String]

    /// Stores a delivery once.
    ///
    /// - Returns: `false` when the key is known with the same bytes (acknowledged without effect).
    /// - Throws: `InboxError.conflict` when the key is known with other bytes; the unit has kept them as a conflict.
    func add(_ delivery: Delivery) throws -> AddedDelivery
    func settle(_ key: String, state: Delivery.State, problem: Problem?, caseBook: Book.ID?, caseID: Case.ID?) throws

    /// What was brought of a delivery that waits for the rest, and since when the rest was asked for.
    func fetched(_ key: String) throws -> [FetchedPart]
    /// Remembers a part; what is known of the same part is replaced.
    func set(_ part: FetchedPart, of key: String) throws
    /// Forgets the parts of a delivery that waits no longer; the originals stay.
    func forgetFetched(_ key: String) throws
}

/// One part of what a delivery points to: its instance or one of its attachments (取件进度).
package struct FetchedPart: Hashable, Sendable {
    /// 0 is the instance, 1 the first attachment.
    package let number: Int
    /// The original, where it came.
    package let digest: Digest?
    /// When it was asked for first.
    package let askedAt: Timestamp

    package static let instance = 0

    package init(number: Int, digest: Digest?, askedAt: Timestamp) {
        self.number = number
        self.digest = digest
        self.askedAt = askedAt
    }
}

package enum AddedDelivery: Hashable, Sendable {
    case new
    case repeated
    /// The same key with other bytes: kept under a key of its own, shown, and alerted.
    case conflict
}

/// A request from an OA that was acknowledged.
package struct Delivery: Hashable, Sendable {
    package let connector: String
    package let key: String
    package let digest: Digest
    package let payload: [UInt8]
    package let state: State
    package let receivedAt: Timestamp
    package let attempts: Int
    package let problem: Problem?
    package let caseBook: Book.ID?
    package let caseID: Case.ID?

    package enum State: String, Sendable {
        case pending
        case done
        /// The event had nothing to say about an outcome.
        case irrelevant
        /// Cannot become a case until somebody changes something.
        case held
        case conflict
    }

    package init(
        connector: String, key: String, digest: Digest, payload: [UInt8], state: State, receivedAt: Timestamp,
        attempts: Int = 0, problem: Problem? = nil, caseBook: Book.ID? = nil, caseID: Case.ID? = nil
    ) {
        self.connector = connector
        self.key = key
        self.digest = digest
        self.payload = payload
        self.state = state
        self.receivedAt = receivedAt
        self.attempts = attempts
        self.problem = problem
        self.caseBook = caseBook
        self.caseID = caseID
    }
}
