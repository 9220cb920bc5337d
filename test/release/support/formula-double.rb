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

  # A directory that things are installed into: here it only has to be asked for what the archive has.
  class Target < Pathname
    def install(name)
      raise "the archive has no #{name}" unless %w[mai THIRD-PARTY-NOTICES].include?(name)
    end
  end

  attr_reader :bin, :doc, :testpath, :completed

  def initialize(bin, testpath)
    @bin = Target.new(bin)
    @doc = Target.new(testpath)
    @completed = 0
    @testpath = Pathname(testpath)
  end

  def version = self.class.version_text

  # As Homebrew does it: the program prints the script of each shell when it is asked with the shell's name.
  def generate_completions_from_executable(program, *words)
    %w[bash zsh fish].each do |shell|
      script, status = Open3.capture2(program.to_s, *words, shell)
      raise "no completions for #{shell}" unless status.success? && script.include?("complete-words")

      @completed += 1
    end
  end

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
mai = Mai.new(bin, testpath)
mai.install
Dir.chdir(testpath) { mai.instance_eval(&Mai.test_block) }
puts "#{Mai.sources.length} sources, #{mai.completed} completions, test passed"
