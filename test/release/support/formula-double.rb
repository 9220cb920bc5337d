# Runs the test block of a Homebrew formula against a program, without Homebrew:
#   ruby formula-double.rb FORMULA DIRECTORY_OF_THE_PROGRAM EMPTY_DIRECTORY
# It knows the words of the formula language that ours uses, and fails on any other.
require "open3"
require "pathname"

class Formula
  class << self
    attr_reader :test_block, :sources

    def desc(_text) = nil
    def homepage(_url) = nil
    def license(_name) = nil
    def version(text) = @version = text
    def version_text = @version
    def url(text) = (@sources ||= []) << [text]
    def sha256(digest) = @sources.last << digest
    def on_macos = yield
    def on_linux = yield
    def on_arm = yield
    def on_intel = yield
    def test(&block) = @test_block = block
  end

  attr_reader :bin, :testpath

  def initialize(bin, testpath)
    @bin = Pathname(bin)
    @testpath = Pathname(testpath)
  end

  def version = self.class.version_text

  def system(*command)
    Kernel.system(*command.map(&:to_s)) || raise("failed: #{command.join(" ")}")
  end

  def shell_output(command, expected = 0)
    output, status = Open3.capture2(command)
    raise "#{command}: exit #{status.exitstatus}, not #{expected}" unless status.exitstatus == expected

    output
  end

  def assert_match(expected, actual)
    raise "no #{expected.inspect} in #{actual.inspect}" unless actual.match?(expected)
  end

  def assert_path_exists(path)
    raise "no file #{path}" unless path.exist?
  end
end

formula, bin, testpath = ARGV
load formula
Mai.sources.each do |url, digest|
  raise "bad source #{url} #{digest}" unless url.start_with?("https://") && digest.match?(/\A\h{64}\z/)
end
Dir.chdir(testpath) { Mai.new(bin, testpath).instance_eval(&Mai.test_block) }
puts "#{Mai.sources.length} sources, test passed"
