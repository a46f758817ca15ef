import Kernel

/// A table of a page: the row that names its columns, and the cells below it by the column they stand nearest to.
struct PDFTable {
    struct Column {
        let name: String
        let left: Int
        let right: Int
    }

    /// One line of print below the header: for each column, the words in it.
    typealias Line = [[PDFWord]]

    let columns: [Column]

    /// Reads the names of the columns; letters that stand alone (数 量) belong together.
    init(header: [PDFWord]) {
        var columns: [Column] = []
        var isOpen = false
        for word in header {
            let isLetter = word.text.count == 1
            if isLetter, isOpen, let last = columns.popLast() {
                columns.append(Column(name: last.name + word.text, left: last.left, right: word.right))
                isOpen = false
            } else {
                columns.append(Column(name: word.text, left: word.left, right: word.right))
                isOpen = isLetter
            }
        }
        self.columns = columns
    }

    func index(_ names: String...) -> Int? { columns.firstIndex { names.contains($0.name) } }

    func line(_ row: [PDFWord]) -> Line {
        var cells = Line(repeating: [], count: columns.count)
        for word in row { cells[column(of: word)].append(word) }
        return cells
    }

    /// The column a word overlaps most, or else is nearest to.
    private func column(of word: PDFWord) -> Int {
        var best = 0
        var bestDistance = Int.max
        for (index, column) in columns.enumerated() {
            let distance = max(column.left - word.right, word.left - column.right)
            if distance < bestDistance { (best, bestDistance) = (index, distance) }
        }
        return best
    }

    /// The text of a cell that was wrapped over several lines.
    ///
    /// A line that ends where one more letter had found room was broken at a blank, which the print does not show.
    static func text(_ lines: [[PDFWord]], edge: Int) -> String? {
        var text = ""
        var end = 0
        for words in lines where !words.isEmpty {
            if !text.isEmpty, let first = words.first, let letter = first.text.first, let last = text.last {
                let width = letter.isASCII ? first.height / 2 : first.height
                if last.isASCII || letter.isASCII, end + width <= edge + 100 { text += " " }
            }
            text += joined(words)
            end = words.last?.right ?? end
        }
        return text.nonEmpty
    }

    static func joined(_ words: [PDFWord]) -> String {
        var text = ""
        var end = words.first?.left ?? 0
        for word in words {
            text += spaces(end, word) + word.text
            end = word.right
        }
        return text
    }
}
