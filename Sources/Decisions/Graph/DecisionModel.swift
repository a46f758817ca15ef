package import Kernel

/// A set of decisions that need one another, as one file of a modeller has it (决策模型; DMN 1.5, chapter 6).
package struct DecisionModel: Sendable {
    package let name: String
    package let namespace: String
    /// Other models, by the names that stand for them here.
    package let imports: [Import]
    package let elements: [Element]
    /// What the model's own types are, by name.
    package let types: [String: ValueType]
    /// What could not be read; the elements concerned are null.
    package let faults: [Fault]

    package struct Import: Sendable {
        package let name: String
        package let namespace: String

        package init(name: String, namespace: String) {
            self.name = name
            self.namespace = namespace
        }
    }

    /// An input, a decision, a business knowledge model or a decision service.
    package struct Element: Sendable {
        package let id: String
        package let name: String
        package let type: ValueType?
        package let kind: Kind
        /// What it may refer to.
        package let requirements: [Reference]

        package init(id: String, name: String, type: ValueType?, kind: Kind, requirements: [Reference] = []) {
            self.id = id
            self.name = name
            self.type = type
            self.kind = kind
            self.requirements = requirements
        }
    }

    package enum Kind: Sendable {
        case input
        case decision(Boxed)
        case knowledge([Boxed.Parameter], body: Boxed)
        case service(Service)
    }

    /// What a decision service takes and gives, and what it works out within.
    package struct Service: Sendable {
        package let outputs: [Reference]
        package let inner: [Reference]
        package let inputDecisions: [Reference]
        package let inputs: [Reference]

        package init(outputs: [Reference], inner: [Reference], inputDecisions: [Reference], inputs: [Reference]) {
            self.outputs = outputs
            self.inner = inner
            self.inputDecisions = inputDecisions
            self.inputs = inputs
        }
    }

    /// An element of this model, or with a namespace of another one.
    package struct Reference: Hashable, Sendable {
        package let namespace: String?
        package let id: String

        package init(namespace: String?, id: String) {
            self.namespace = namespace
            self.id = id
        }
    }

    /// A part of the model that cannot be read, and why.
    package struct Fault: Sendable {
        /// The element it belongs to, and the line of the file.
        package let element: String
        package let line: Int
        package let problem: Problem

        package init(element: String, line: Int, problem: Problem) {
            self.element = element
            self.line = line
            self.problem = problem
        }
    }

    private let positions: [String: Int]

    package init(
        name: String, namespace: String, imports: [Import], elements: [Element], types: [String: ValueType],
        faults: [Fault]
    ) {
        self.name = name
        self.namespace = namespace
        self.imports = imports
        self.elements = elements
        self.types = types
        self.faults = faults
        positions = Dictionary(
            elements.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(id: String) -> Element? { positions[id].map { elements[$0] } }

    /// The first element of a name.
    package func element(named name: String) -> Element? { elements.first { $0.name == name } }
}
