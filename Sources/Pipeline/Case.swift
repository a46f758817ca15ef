package import Kernel

/// One outcome of one approval on its way through the steps (单).
package struct Case: Hashable, Identifiable, Sendable {
    package typealias ID = Identifier<Case>

    package let id: ID
    package let approval: Approval
    /// Orders the cases of one approval; arrival never does.
    package let revision: Int
    package let outcome: Outcome
    /// The kind of document, `travel_claim` and so on; `nil` until the document was read.
    package let kind: String?
    /// The number people read in the OA.
    package let number: String?
    package let title: String
    package let applicant: String?
    /// Total in the document's currency, as text; what stands here is shown, not booked.
    package let total: String?
    package let currency: String?
    package let state: State
    /// The step the case stands at.
    package let step: Step
    /// The numbered run; a new one starts whenever a person fixed something (轮次).
    package let run: Int
    /// Why it is held, and who can fix it.
    package let problem: Problem?
    /// Why it is done without a voucher, or for what it waits.
    package let note: Phrase?
    /// SHA-256 of the delivery's bytes; the same revision with other bytes is a conflict.
    package let deliveryDigest: Digest
    package let receivedAt: Timestamp
    package let changedAt: Timestamp
    /// Counts the changes of the row; a commit re-checks it.
    package let version: Int64

    package init(
        id: ID, approval: Approval, revision: Int, outcome: Outcome, kind: String?, number: String?, title: String,
        applicant: String?, total: String?, currency: String?, state: State, step: Step, run: Int,
        problem: Problem?, note: Phrase?, deliveryDigest: Digest, receivedAt: Timestamp, changedAt: Timestamp,
        version: Int64
    ) {
        self.id = id
        self.approval = approval
        self.revision = revision
        self.outcome = outcome
        self.kind = kind
        self.number = number
        self.title = title
        self.applicant = applicant
        self.total = total
        self.currency = currency
        self.state = state
        self.step = step
        self.run = run
        self.problem = problem
        self.note = note
        self.deliveryDigest = deliveryDigest
        self.receivedAt = receivedAt
        self.changedAt = changedAt
        self.version = version
    }

    /// One approval in one OA (审批单). Its cases are linked by this.
    package struct Approval: Hashable, Sendable {
        package let connector: String
        package let tenant: String
        package let instance: String

        package init(connector: String, tenant: String, instance: String) {
            self.connector = connector
            self.tenant = tenant
            self.instance = instance
        }
    }

    package enum Outcome: String, Sendable, CaseIterable {
        case approved
        case paid
        case amended
        case withdrawn
        case voided

        /// Whether it says that the approval does not stand any more.
        package var takesBack: Bool { self == .withdrawn || self == .voided }
    }

    package enum State: String, Sendable, CaseIterable {
        /// On its way; a job moves it.
        case running
        /// Waits for review, a signature, posting, or proof of payment.
        case waiting
        /// A person has to fix something; `problem` says what.
        case held
        /// A posted voucher stands for it.
        case posted
        /// Nothing to book, and `note` says why.
        case nothingToBook = "nothing_to_book"
        /// Its voucher was posted and reversed since.
        case reversed
        /// Another revision of the approval took its place before anything was posted.
        case superseded
        /// The same revision came with other bytes; kept, shown, never booked.
        case conflict

        /// Whether nothing will happen any more by itself or by a person's regular work.
        package var isEnded: Bool {
            switch self {
            case .running, .waiting, .held: false
            case .posted, .nothingToBook, .reversed, .superseded, .conflict: true
            }
        }
    }
}

/// A station of the way, in order; the folder list of this room shows the same.
package enum Step: String, Sendable, CaseIterable, Comparable {
    case receive
    case normalise
    case evidence
    case rules
    case voucher
    case ledger
    case delivery
    case writeBack = "write_back"
    case archive

    package var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: Step, right: Step) -> Bool { left.position < right.position }
}

/// One pass of a case through the steps, kept for reading (轮次).
package struct CaseRun: Hashable, Sendable {
    package let number: Int
    package let startedAt: Timestamp
    package let endedAt: Timestamp?
    /// The person or part of the program whose act started it.
    package let startedBy: String
    package let reason: String
    /// The step at which it ended, and how.
    package let step: Step
    package let state: Case.State
    package let problem: Problem?
    /// Versions of mapping, rule book, chart and facts that were used, and the rules' trace.
    package let trace: KeptJSON

    package init(
        number: Int, startedAt: Timestamp, endedAt: Timestamp?, startedBy: String, reason: String, step: Step,
        state: Case.State, problem: Problem?, trace: KeptJSON
    ) {
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.startedBy = startedBy
        self.reason = reason
        self.step = step
        self.state = state
        self.problem = problem
        self.trace = trace
    }
}
